"""Many studies over a design of settings: grid, Latin hypercube, Morris, Sobol."""
