"""tonalite: what tone, towards whom, about what, and who is speaking.

In: French and English posts, as strings, lists, Arrow columns or data frames. Out: an ``Analysis``
for one, ``Columns`` (Arrow) for many, a ``Watch`` over a corpus. Runs offline; the Rust engine does the
work without the GIL.

>>> import tonalite
>>> tonalite.Analyzer().analyze("C'est nul").label
'negative'
"""

from ._tonalite import (
    Analysis,
    Analyzer,
    AspectReading,
    Columns,
    Evidence,
    NoiseReading,
    RoleReading,
    TargetReading,
    Tonality,
    Watch,
    __version__,
    column_names,
)

__all__ = [
    "Analysis",
    "Analyzer",
    "AspectReading",
    "Columns",
    "Evidence",
    "NoiseReading",
    "RoleReading",
    "TargetReading",
    "Tonality",
    "Watch",
    "__version__",
    "column_names",
]
