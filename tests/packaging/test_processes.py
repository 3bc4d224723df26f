import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import processes
import pytest

PACKAGING = Path(processes.__file__).parent
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


def python(code):
    return [sys.executable, "-c", code]


def pip(*arguments):
    """Return what pip says, with an index at a port of this machine where nothing listens."""
    settings = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    settings = {name: value for name, value in settings.items() if not name.startswith("PIP_")}
    settings["PIP_CONFIG_FILE"] = os.devnull
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--index-url",
        "http://127.0.0.1:9/simple",
    ]
    done = subprocess.run([*command, *arguments], env=settings, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    return (done.stdout + done.stderr).splitlines()


# --- reasons


@pytest.mark.parametrize(
    "arguments", [("--retries", "1", "no-such-thing"), ("--retries", "0", "hatchling==0")]
)
def test_an_index_out_of_reach_is_recognised_in_the_words_of_pip(arguments):
    lines = pip(*arguments)
    assert processes.reason_for(lines).startswith("The package index cannot be reached: check the network")
    assert "127.0.0.1" not in str(processes.failure("pip", lines))


def test_other_failures_of_pip_show_what_it_said(tmp_path):
    lines = pip(str(tmp_path / "no-project"))
    error = str(processes.failure("pip", lines, Path("bootstrap.log")))
    assert error.startswith("pip failed; the last it said:\n  ")
    assert "no-project" in error
    assert error.endswith("\nAll that pip said is in bootstrap.log")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_recognised_in_the_words_of_python():
    code, lines = processes.quietly(python("open('/dev/full', 'w').write('x' * 100000)"))
    assert code == 1
    assert processes.reason_for(lines).startswith("The disk is full")


@pytest.mark.parametrize(
    ("line", "start"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk",
        ),
        ("ERROR: Could not install: [WinError 112] Es steht nicht genug Speicherplatz", "The disk"),
        ("PermissionError: [Errno 13] Permission denied: '/src/.venv'", "No permission"),
        ("OSError: [Errno 30] Read-only file system: '/src/.venv'", "No permission"),
        ("PermissionError: [WinError 5] Zugriff verweigert", "No permission"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError("
            "SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))'",
            "The package index shows a certificate",
        ),
        ("[Errno -3] Temporary failure in name resolution", "The package index cannot"),
        (
            "ReadTimeoutError(\"HTTPSConnectionPool(host='h', port=443): Read timed out.\")",
            "The package index cannot",
        ),
    ],
)
def test_reasons(line, start):
    assert processes.reason_for(["Collecting numpy", line]).startswith(start)


@pytest.mark.parametrize(
    "line",
    [
        "ERROR: No matching distribution found for tensorflow-cpu>=2.18",
        "ERROR: Could not find a version that satisfies the requirement tensorflow (from versions: none)",
        "error: subprocess-exited-with-error",
    ],
)
def test_what_is_not_known_gets_no_reason(line):
    assert processes.reason_for([line]) == ""


def test_the_last_lines_name_no_package_index():
    lines = ["Looking in indexes: https://user:secret@index.example/simple", ""]
    lines += [f"line {number}" for number in range(30)] + ["from https://index.example/numpy.whl (20 MB)"]
    shown = processes.last_of(lines).splitlines()
    assert shown[0] == "  line 11"
    assert shown[-1] == "  from https://... (20 MB)"
    assert len(shown) == 20
    assert "index.example" not in processes.last_of(lines[:2])


# --- running programs


def test_exit_codes_pass_through():
    assert processes.passed_on(python("raise SystemExit(3)")) == 3
    assert processes.passed_on(python("pass")) == 0


@posix
def test_a_killed_program_is_told_by_its_exit_code():
    assert processes.passed_on(python("import os; os.kill(os.getpid(), 9)")) == 128 + 9


def test_the_folder_is_the_one_asked_for(tmp_path, capfd):
    assert processes.passed_on(python("import os; print(os.getcwd())"), tmp_path) == 0
    assert Path(capfd.readouterr().out.strip()).samefile(tmp_path)


def test_quiet_programs_are_logged_and_heard(tmp_path, capfd):
    heard = []
    log = tmp_path / "log"
    code = "import sys; print('one \\u00e4'); print('two', file=sys.stderr); print(repr(input()))"
    done, lines = processes.quietly(python(code), log, heard.append)
    assert done == 1  # there is no input
    assert lines[:2] == heard[:2] == ["one \u00e4", "two"]
    assert log.read_text(encoding="utf-8").splitlines() == lines
    assert capfd.readouterr() == ("", "")


CHILD = """
import signal, sys, time
def end(*_):
    time.sleep(0.6)  # longer than the quarter of a second that Popen grants
    print("cleaned up", flush=True)
    sys.exit(5)
signal.signal(signal.SIGINT, end)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(30)
"""


def signalled(send):
    """Start a program through passed_on, send a signal when it is ready, return code, stdout, stderr."""
    code = f"import sys; sys.path.insert(0, {str(PACKAGING)!r}); from processes import passed_on\n"
    code += f"sys.exit(passed_on([sys.executable, '-c', {CHILD!r}]))"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(python(code), start_new_session=True, **pipes) as parent:
        assert parent.stdout.readline() == "ready\n"
        time.sleep(0.1)
        send(parent.pid)
        out, err = parent.communicate(timeout=20)
    return parent.returncode, out, err


@posix
def test_ctrl_c_leaves_a_program_the_time_to_clean_up():
    assert signalled(lambda pid: os.killpg(pid, signal.SIGINT)) == (5, "cleaned up\n", "")


@posix
def test_a_program_is_ended_with_us():
    assert signalled(lambda pid: os.kill(pid, signal.SIGTERM)) == (5, "cleaned up\n", "")
