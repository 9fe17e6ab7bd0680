"""What passes between the links: frozen columns, checked once when made, no physics."""
