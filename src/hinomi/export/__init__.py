"""One flight as a product: what was asked, the flight, its table, picture and exchange files."""
