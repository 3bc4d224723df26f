"""Images and variants of them, in the order that densities know them by."""

import numpy as np

from anomaly_gui.detection.detectors.renewal.items import Items


def test_those_that_stay_come_first_and_are_numbered_anew():
    before = Items.list_all(3, np.array([0, 0, 2]))
    assert before.of_images(np.array([0, 2])).tolist() == [0, 2, 3, 4, 5]
    stay = before.without_others(np.array([0, 2]))
    after = stay.join(Items.list_all(2, np.array([1])))
    assert after.sources.tolist() == [0, 1, 0, 0, 1, 2, 3, 3]
    assert after.is_image.tolist() == [True, True, False, False, False, True, True, False]
    assert after.images_first.tolist() == [0, 1, 5, 6, 2, 3, 4, 7]
    assert after.images_first[after.places].tolist() == list(range(8))
    np.testing.assert_array_equal(after.sources[after.images_first][:4], range(4))


def test_without_variants_items_are_the_images():
    items = Items.list_all(4, None)
    assert items.is_image.all()
    assert items.places.tolist() == items.sources.tolist() == [0, 1, 2, 3]
