from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, Literal, Union, final

_Label = Literal["negative", "neutral", "positive", "mixed", "unknown"]
_Target = Union[str, Mapping[str, Any]]
_Lexicon = Union[str, PathLike[str], tuple[str, str]]

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

__version__: str

def column_names() -> list[str]:
    """The names of all columns that a batch can give, in order."""

@final
class Analyzer:
    """Reads posts. Made once, used from any thread; pickles, so that it travels to other processes."""

    def __new__(
        cls,
        lexicons: Iterable[_Lexicon] | None = None,
        targets: _Target | Iterable[_Target] | None = None,
        *,
        spelling: bool = True,
        learned: bool = True,
        evidence: bool = True,
        priors: tuple[float, float, float] | None = None,
        threads: int | None = None,
        offsets: Literal["char", "byte"] = "char",
    ) -> Analyzer: ...
    def analyze(self, text: str, /, **fields: Any) -> Analysis:
        """Reads one text, with what else is known of the post: id, lang, author, author_bio,
        created_at, source, url, thread, repost_of, target, target_aliases, targets."""

    def analyze_batch(
        self,
        posts: Any,
        /,
        *,
        columns: list[str] | None = None,
        progress: Callable[[int, int], object] | None = None,
        threads: int | None = None,
        **fields: Any,
    ) -> Columns:
        """Reads many posts: a list of str or of dicts, an Arrow, polars or pandas column or frame.

        A missing text gives a null row. ``columns`` chooses what is built; ``progress(done, total)``
        is called a few times a second; ``fields`` are columns, or one value for all rows, of what
        else is known of the posts.
        """

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

@final
class Columns:
    """The columns of many analyses: Arrow, for any library that speaks its PyCapsule interface."""

    @property
    def column_names(self) -> list[str]: ...
    def to_pylist(self) -> list[dict[str, Any] | None]:
        """The program's records: nested dicts, ``None`` where there was no text."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """Flat dicts, keyed by the columns."""

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` (through pyarrow)."""

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""

    def __len__(self) -> int: ...
    def __getitem__(self, name: str, /) -> list[Any]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Watch:
    """What goes on over many posts: the figures of the program's digests. Shards merge; it pickles."""

    def __new__(cls, analyzer: Analyzer | None = None, config: dict[str, Any] | None = None) -> Watch:
        """``config``: the keys of ``watch.toml`` (``tomllib.load`` reads one)."""

    @property
    def posts(self) -> int:
        """Posts seen."""

    def observe_batch(self, posts: Any, /, *, threads: int | None = None, **fields: Any) -> int:
        """Analyses posts (what ``analyze_batch`` takes) and takes them in; gives how many had a text.

        Where one cannot be read, none is taken in.
        """

    def merge(self, other: Watch) -> None:
        """Adds what another watch has seen; both must have the same settings."""

    def digest(self) -> dict[str, Any]:
        """The few figures that matter: the digest of ``tonalite watch --json``."""

    def to_bytes(self) -> bytes:
        """All of it but the analyzer, for this version of tonalite to read."""

    @staticmethod
    def from_bytes(saved: bytes, analyzer: Analyzer | None = None) -> Watch: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Analysis:
    """Everything read off one post."""

    @property
    def text(self) -> str: ...
    @property
    def id(self) -> str | None: ...
    @property
    def language(self) -> Literal["fr", "en", "unknown"]: ...
    @property
    def tonality(self) -> Tonality: ...
    @property
    def label(self) -> _Label: ...
    @property
    def score(self) -> float: ...
    @property
    def confidence(self) -> float: ...
    @property
    def p(self) -> dict[str, float]: ...
    @property
    def targets(self) -> list[TargetReading]: ...
    @property
    def role(self) -> RoleReading: ...
    @property
    def intents(self) -> list[str]: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def advocacy(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def addressee(self) -> str: ...
    @property
    def flags(self) -> list[str]: ...
    @property
    def noise(self) -> NoiseReading: ...
    @property
    def irony(self) -> bool: ...
    @property
    def evidence(self) -> list[Evidence]: ...
    def to_json(self) -> str:
        """The record that the program writes for this post."""

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""

    def _repr_html_(self) -> str: ...
    def __rich_repr__(self) -> Iterable[tuple[str, Any]]: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Tonality:
    """Tone of a post, a target or an aspect."""

    @property
    def label(self) -> _Label: ...
    @property
    def score(self) -> float: ...
    @property
    def confidence(self) -> float: ...
    @property
    def p(self) -> dict[str, float]: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class TargetReading:
    """Tone towards one target."""

    @property
    def target(self) -> str: ...
    @property
    def mentioned(self) -> bool: ...
    @property
    def tonality(self) -> Tonality: ...
    @property
    def aspects(self) -> list[AspectReading]: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class AspectReading:
    """Tone of one aspect of a target."""

    @property
    def aspect(self) -> str: ...
    @property
    def tonality(self) -> Tonality: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class RoleReading:
    """Who is speaking."""

    @property
    def label(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def p(self) -> dict[str, float]: ...
    @property
    def basis(self) -> list[str]: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class NoiseReading:
    """Whether the post is noise, and why."""

    @property
    def label(self) -> str: ...
    @property
    def reason(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Evidence:
    """The words behind a score. ``text[e.start:e.end] == e.text``."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def term(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def weight(self) -> float: ...
    @property
    def speaks_for(self) -> Literal["tonality", "role", "intent", "noise"]: ...
    @property
    def label(self) -> str | None: ...
    def __eq__(self, other: object, /) -> bool: ...
