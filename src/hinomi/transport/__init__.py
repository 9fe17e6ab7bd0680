"""Ways a message travels: one contract, several carriers."""
