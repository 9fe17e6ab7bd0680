"""What is defended: kinematic footprints of batteries, and raids of growing size against stock."""
