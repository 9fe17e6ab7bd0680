"""One known object: linear and nonlinear filters over its measurements, their bounds, lines that cross."""
