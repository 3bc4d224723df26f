"""What libraries in C print is kept from the streams, and nothing else is."""

import os

import pytest

from anomaly_gui.detection.runtimes.silence import silenced_stdout, without_start_up_notes

NOTES = b"""WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795600380.325208   14013 port.cc:153] oneDNN custom operations are on.
"""
ERROR = b"E0000 00:00:1795600380.325208   14013 x.cc:1] It does not work.\nand why\n"


def test_nothing_comes_out_on_stdout(capfd):
    with silenced_stdout():
        os.write(1, b"a greeting")
    os.write(1, b"a result")
    assert capfd.readouterr().out == "a result"


def test_notes_are_left_out_and_errors_are_not(capfd):
    with without_start_up_notes():
        os.write(2, NOTES + ERROR + NOTES)
    os.write(2, b"later\n")
    assert capfd.readouterr().err == ERROR.decode() + "later\n"


def test_errors_are_said_when_it_fails(capfd):
    with pytest.raises(ImportError), without_start_up_notes():
        os.write(2, NOTES + ERROR)
        raise ImportError
    assert capfd.readouterr().err == ERROR.decode()
