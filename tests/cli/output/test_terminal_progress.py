"""What a bar in a terminal shows beside its length."""

from anomaly_gui.cli.output.progress import TerminalProgress, _Failures


def test_failures_are_counted_beside_the_bar():
    with TerminalProgress() as progress:
        assert isinstance(progress._bars.columns[-1], _Failures)
        progress.stage("Scoring", 10)
        (task,) = progress._bars.tasks
        assert _Failures().render(task).plain == ""
        progress.fail("Part 1 failed: the network is away.")
        assert _Failures().render(task).plain == "1 failure"
        progress.fail("Part 2 failed: the network is away.")
        progress.warn("Something else.")
        assert _Failures().render(task).plain == "2 failures"
        progress.stage("Gathering results", 10)
        assert _Failures().render(progress._bars.tasks[-1]).plain == ""
    assert progress.warnings == (
        "Part 1 failed: the network is away.",
        "Part 2 failed: the network is away.",
        "Something else.",
    )
