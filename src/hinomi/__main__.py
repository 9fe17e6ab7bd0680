"""`python -m hinomi` is the command line."""

from hinomi.cli import main

if __name__ == "__main__":
    main()
