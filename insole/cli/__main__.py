"""``python -m insole.cli``: the command line without its entry point."""

from insole.cli.main import run

if __name__ == "__main__":
    run()
