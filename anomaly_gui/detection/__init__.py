"""The library: what good parts look like, learned from their images; new images judged. No Qt in here.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from anomaly_gui import detection
>>> from anomaly_gui.progress import SilentProgress
>>> quiet, place = SilentProgress(), TemporaryDirectory()
>>> digits = detection.unpack_sample(Path(place.name))

Learn from images, or from folders of them, and keep the model:

>>> settings = detection.TrainSettings(detector="pooled", layer="block3_pool", size=32, false_alarm_rate=0.02)
>>> learned = detection.train(detection.TrainRequest(digits.fit[:300], settings=settings), quiet)
>>> len(learned.model.training.images), learned.findings.unreadable
(300, ())
>>> print(learned.model.threshold.expected)
about 2 of 100 good parts would be rejected, between 0 and 5
>>> model_file = Path(place.name, "ones.anomaly")
>>> detection.save_model(learned.model, model_file)

Judge new images; each ends as a score or a reason:

>>> model = detection.load_model(model_file, quiet)
>>> paths = (*digits.normal[:2], digits.anomalous[4], Path("gone.png"))
>>> for image in detection.score(detection.ScoreRequest(model, paths), quiet).images:
...     print(image.path.name, image.verdict, image.reason)
one_00000.png good
one_00001.png good
seven_00004.png defect
gone.png cannot judge does not exist; check the name, or whether the drive is connected

Say how well the model does, where the labels are known:

>>> request = detection.EvaluateRequest(model, digits.normal[:100], digits.anomalous[:100])
>>> found = detection.evaluate(request, quiet).evaluation
>>> found.auroc > 0.99, found.false_alarm.total, found.miss.total
(True, 100, 100)
>>> place.cleanup()

Names are loaded when they are first used: importing this package imports none of its modules.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
