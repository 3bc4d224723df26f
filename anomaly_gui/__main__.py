"""`python -m anomaly_gui` is the command `anomaly-gui`."""

from anomaly_gui.cli.app import main

if __name__ == "__main__":
    main()
