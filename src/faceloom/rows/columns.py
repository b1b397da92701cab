"""What Arrow calls the kinds of columns there are."""

from typing import Annotated

import pyarrow as pa

Count = Annotated[int, pa.int32()]
Ticks = Annotated[int, pa.int64()]
Real = Annotated[float, pa.float64()]
Flag = Annotated[bool, pa.bool_()]
Word = Annotated[str, pa.string()]
Encoded = Annotated[bytes, pa.binary()]  # a picture as PNG
Box = Annotated[list[float], pa.list_(pa.float32(), 4)]  # left, top, right, bottom
Points = Annotated[list[float], pa.list_(pa.float32(), 136)]  # x and y of the 68, in turn
Matrix = Annotated[list[float], pa.list_(pa.float64(), 6)]  # frame to crop, row by row
Vector = Annotated[list[float], pa.list_(pa.float32())]
