import signal
import time

from line import save_picture, start_command, wait_until


def test_first(line):
    for n in range(6):
        save_picture(line.incoming / f"cap_{n}.png", defect=n % 3 == 0)
    began = time.time()
    process = start_command("run", line.file)
    wait_until(lambda: line.count() == 6)
    print("took", time.time() - began)
    wait_until(lambda: line.ask("select count(*) from step where step='MOVED'") == [(6,)])
    process.send_signal(signal.SIGTERM)
    print(process.communicate(timeout=10))
    print(line.list_files())
    for c in ("show", "verify", "check"):
        p = start_command(c, line.file)
        print(p.communicate(timeout=30)[0], p.returncode)
    print(line.ask("select * from audit"))
    print(line.ask("select * from result limit 1"))
