"""Is what comes out right: detectors, promises, groups of images, odd images, damaged files."""
