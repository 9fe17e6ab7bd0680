"""How things fly: forces, the compiled flight, reaching a place, closed forms to check against."""
