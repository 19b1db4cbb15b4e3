"""tonalite on Apache Spark: the same engine and the same bits, where one machine is not enough.

In: a data frame with a column of texts. Out: the same frame with the columns of
:func:`tonalite.column_names` beside it. Record batches go from Spark's JVM to a Python worker and
back by Arrow (``mapInArrow``); each worker analyses on one thread, because Spark already runs a
worker per core. A worker makes its analyzer once, not once per batch.

>>> from tonalite.spark import analyze                       # doctest: +SKIP
>>> analyze(df, "text", targets=["Nimbo=@nimbo"]).groupBy("label").count()   # doctest: +SKIP

The wheel travels with the job: see :func:`archive` and ``docs/spark.md``.
"""

from __future__ import annotations

import functools
import pickle
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import Analyzer, Watch

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

__all__ = ["DEFAULT_COLUMNS", "analyze", "archive", "configure", "schema", "udf", "watch"]

#: What the shards of a watch are merged into before the driver reads them.
_MERGERS = 4

#: What is computed unless asked otherwise: the readings, without the words behind them. Evidence is
#: half of the bytes that would travel; add ``"evidence"`` where a person will read it.
DEFAULT_COLUMNS = (
    "language",
    "label",
    "score",
    "confidence",
    "p_negative",
    "p_neutral",
    "p_positive",
    "role",
    "role_confidence",
    "intents",
    "stage",
    "noise",
    "irony",
)


def analyze(
    df: DataFrame,
    text_col: str = "text",
    id_col: str | None = None,
    target: Any = None,
    *,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    fields: Mapping[str, str] | None = None,
    prefix: str = "",
    analyzer: Analyzer | None = None,
    **settings: Any,
) -> DataFrame:
    """Adds to ``df`` what tonalite reads off its texts.

    ``id_col``: keep this column only, beside the new ones; without it all are kept.
    ``target``: a target or a list of them, as in ``Analyzer(targets=...)``.
    ``columns``: which columns to compute, from :func:`tonalite.column_names`.
    ``fields``: what else is known of the posts, as ``{"author_bio": "bio_column", ...}``.
    ``prefix``: put before the new columns' names, where they would meet yours.
    ``analyzer``, or ``settings`` for a new one: ``lexicons``, ``spelling``, ``learned``, ``priors``.

    A null text gives nulls. Rows keep their order within their partition.
    """
    # The evidence is computed only where it is asked for.
    analyzer = _analyzer_of(analyzer, target, {"evidence": "evidence" in columns}, settings)
    fields = dict(fields or {})
    kept = list(df.columns) if id_col is None else [id_col]
    _check(df, [text_col, *fields.values(), *kept], strings=[text_col, *fields.values()])
    added = [prefix + name for name in columns]
    taken = [name for name in added if name in kept]
    if taken:
        raise ValueError(f"the frame already has {', '.join(taken)}; give a prefix, or an id_col")

    from pyspark.sql.types import StructType

    out = StructType([df.schema[name] for name in kept])
    for field in schema(columns):
        out = out.add(prefix + field.name, field.dataType, True)
    # Only what is read or kept travels to Python.
    needed = list(dict.fromkeys([*kept, text_col, *fields.values()]))
    places = {name: needed.index(column) for name, column in fields.items()}
    task = functools.partial(
        _analyze_batches,
        analyzer=pickle.dumps(analyzer),
        text=needed.index(text_col),
        fields=places,
        kept=[needed.index(name) for name in kept],
        names=[*kept, *added],
        columns=list(columns),
    )
    return df.select(*[f"`{name}`" for name in needed]).mapInArrow(task, out)


def udf(
    target: Any = None,
    *,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    analyzer: Analyzer | None = None,
    **settings: Any,
) -> Any:
    """A pandas UDF from a column of texts to a struct, for those who like one.

    ``df.withColumn("tone", udf()("text")).select("tone.label")``. Slower than :func:`analyze`: Spark
    makes Python strings of the texts and back.
    """
    from pyspark.sql.functions import pandas_udf

    analyzer = _analyzer_of(analyzer, target, {"evidence": "evidence" in columns}, settings)
    state, names = pickle.dumps(analyzer), list(columns)

    def read(texts: Any) -> Any:
        return _analyzer(state).analyze_batch(texts, columns=names, threads=1).to_pandas()

    import pandas as pd

    read.__annotations__ = {"texts": pd.Series, "return": pd.DataFrame}
    return pandas_udf(schema(columns))(read)  # type: ignore[call-overload]


def watch(
    df: DataFrame,
    text_col: str = "text",
    time_col: str | None = None,
    author_col: str | None = None,
    target: Any = None,
    *,
    fields: Mapping[str, str] | None = None,
    config: dict[str, Any] | None = None,
    analyzer: Analyzer | None = None,
    **settings: Any,
) -> Watch:
    """Watches the posts of ``df``: each partition by itself, then all of them merged.

    The result is what ``tonalite watch`` has kept after the same posts in any order; ``digest()`` says it.
    ``time_col``, ``author_col``: a time (timestamp, text or number) and an opaque author.
    ``fields``: what else is known, as ``{"id": "tweet_id", "source": "kind", ...}``; it feeds stories,
    panels and verbatims. ``config``: the settings of ``docs/watch.md``. The rest as in :func:`analyze`.
    """
    from pyspark.sql.functions import col

    analyzer = _analyzer_of(analyzer, target, {}, settings)
    named = {"text": text_col, "created_at": time_col, "author": author_col, **(fields or {})}
    known = {field: name for field, name in named.items() if name is not None}
    _check(df, list(known.values()), strings=[text_col])
    whole = Watch(analyzer, config)
    state = {"analyzer": pickle.dumps(analyzer), "empty": whole.to_bytes()}
    posts = df.select(*[col(f"`{name}`").alias(field) for field, name in known.items()])
    shards = posts.mapInArrow(functools.partial(_watch_batches, **state), "shard binary")
    # Workers merge the shards of many partitions, so that the driver reads few, and one at a time.
    merged = shards.repartition(_MERGERS).mapInArrow(functools.partial(_merge_shards, **state), "shard binary")
    for row in merged.toLocalIterator():
        whole.merge(Watch.from_bytes(bytes(row.shard), analyzer))
    return whole


def schema(columns: Iterable[str] = DEFAULT_COLUMNS) -> StructType:
    """The Spark types of the columns."""
    import pyarrow as pa
    from pyspark.sql.types import StructType

    out = StructType()
    empty = Analyzer().analyze_batch([], columns=list(columns))
    for field in pa.table(empty).schema:
        out = out.add(field.name, _spark_type(field.type), True)
    return out


def archive(folder: str | Path | None = None) -> str:
    """Packs the installed tonalite as an archive for ``spark.archives``, and gives its path.

    It holds this package and nothing else: workers have pyspark, pyarrow and pandas of their own.
    """
    package = Path(__file__).parent
    folder = Path(folder) if folder is not None else Path(tempfile.mkdtemp(prefix="tonalite-"))
    folder.mkdir(parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__")
    with tempfile.TemporaryDirectory() as staging:
        shutil.copytree(package, Path(staging) / "tonalite", ignore=ignore)
        return shutil.make_archive(str(folder / "tonalite"), "zip", staging)


def configure(builder: Any, folder: str | Path | None = None) -> Any:
    """Tells a session builder to ship tonalite to its workers, and to wake them with Arrow on.

    ``spark = configure(SparkSession.builder.master("spark://...")).getOrCreate()``
    """
    return builder.config("spark.archives", f"{archive(folder)}#tonalite_wheel").config(
        "spark.executorEnv.PYTHONPATH", "tonalite_wheel"
    )


def _analyzer_of(analyzer: Analyzer | None, target: Any, defaults: dict[str, Any], settings: dict[str, Any]) -> Analyzer:
    """The analyzer that was given, or a new one."""
    if target is not None:
        settings["targets"] = target
    if analyzer is None:
        return Analyzer(**{**defaults, **settings})
    if settings:
        raise TypeError("give an analyzer, or settings for a new one, not both")
    return analyzer


def _check(df: DataFrame, names: Iterable[str], strings: Iterable[str]) -> None:
    from pyspark.sql.types import StringType

    for name in names:
        if name not in df.columns:
            raise ValueError(f"no column '{name}' among {', '.join(df.columns)}")
    for name in strings:
        if not isinstance(df.schema[name].dataType, StringType):
            raise TypeError(f"column '{name}' is {df.schema[name].dataType.simpleString()}, not string")


def _spark_type(kind: pa.DataType) -> Any:
    import pyarrow as pa
    from pyspark.sql import types

    if pa.types.is_list(kind):
        return types.ArrayType(_spark_type(kind.value_type), True)
    if pa.types.is_struct(kind):
        inner = [kind.field(at) for at in range(kind.num_fields)]
        return types.StructType([types.StructField(f.name, _spark_type(f.type), True) for f in inner])
    plain = {
        pa.string(): types.StringType,
        pa.float32(): types.FloatType,
        pa.int64(): types.LongType,
        pa.bool_(): types.BooleanType,
    }
    return plain[kind]()


@functools.lru_cache(maxsize=8)
def _analyzer(state: bytes) -> Analyzer:
    """The analyzer that was pickled; made once per worker process, which serves many tasks."""
    analyzer: Analyzer = pickle.loads(state)
    return analyzer


def _analyze_batches(
    batches: Iterator[pa.RecordBatch],
    *,
    analyzer: bytes,
    text: int,
    fields: Mapping[str, int],
    kept: Sequence[int],
    names: Sequence[str],
    columns: list[str],
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    engine = _analyzer(analyzer)
    for batch in batches:
        known = {name: batch.column(at) for name, at in fields.items()}
        read = engine.analyze_batch(batch.column(text), columns=columns, threads=1, **known)
        at = 0
        # A batch of Spark's may come back in pieces; each keeps its own rows of the kept columns.
        for piece in pa.RecordBatchReader.from_stream(read):
            rows = [batch.column(place).slice(at, piece.num_rows) for place in kept]
            at += piece.num_rows
            yield pa.RecordBatch.from_arrays([*rows, *piece.columns], names=list(names))


def _watch_batches(batches: Iterator[pa.RecordBatch], *, analyzer: bytes, empty: bytes) -> Iterator[pa.RecordBatch]:
    """A partition of posts as one shard."""
    shard = Watch.from_bytes(empty, _analyzer(analyzer))
    for batch in batches:
        shard.observe_batch(batch, threads=1)
    yield _row(shard)


def _merge_shards(batches: Iterator[pa.RecordBatch], *, analyzer: bytes, empty: bytes) -> Iterator[pa.RecordBatch]:
    """Shards as one."""
    engine = _analyzer(analyzer)
    merged = Watch.from_bytes(empty, engine)
    for batch in batches:
        for shard in batch.column(0):
            merged.merge(Watch.from_bytes(shard.as_py(), engine))
    yield _row(merged)


def _row(shard: Watch) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"shard": [shard.to_bytes()]})
