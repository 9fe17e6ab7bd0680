"""Where things are: ellipsoid, frames, gravity, atmosphere, lines of sight, distances, places."""
