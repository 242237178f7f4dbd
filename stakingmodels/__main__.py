"""``python -m stakingmodels``, the same as ``stakingmodels``."""

from stakingmodels.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
