"""What a study says on one page: maps, figures, words and tables of a run's folder."""
