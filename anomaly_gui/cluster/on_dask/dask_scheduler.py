"""What our scheduler does beside Dask's own: it takes from workers what a killed command had given them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from distributed.diagnostics.plugin import SchedulerPlugin

from anomaly_gui.cluster.on_dask.dask_parts import is_given_by

if TYPE_CHECKING:
    from distributed import Scheduler


class ForgettingPlugin(SchedulerPlugin):
    """Unregisters the plugins of clients that have gone without doing so: each may hold a model."""

    name = "anomaly-gui-forgetting"

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Let workers forget what a client had given them; called by Dask."""
        for name in [one for one in scheduler.worker_plugins if is_given_by(one, client)]:
            scheduler.loop.add_callback(scheduler.unregister_worker_plugin, None, name)
