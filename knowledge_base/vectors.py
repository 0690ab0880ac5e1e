"""The type of vectors."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # of one row or of many, each of length one
Halved = NDArray[np.float16]  # the same at half precision, as a large base keeps them
