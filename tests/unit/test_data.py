"""Labels and mini-batches: every label in its row, every example once."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import nnmath as nn


def test_one_hot_stands_each_label_up():
    assert_array_equal(nn.one_hot([2, 0, 2], 4), [[0, 1, 0], [0, 0, 0], [1, 0, 1], [0, 0, 0]])
    assert nn.one_hot(np.array([1]), 2).dtype == float
    for n, label in enumerate([3, 1, 0]):
        assert_array_equal(nn.one_hot([3, 1, 0], 4)[:, [n]], nn.e(label, 4))


@pytest.mark.parametrize(
    "labels, error, words",
    [
        ([0, 3], IndexError, "label = 3 is out of range; expected 0 to 2"),
        ([-1, 0], IndexError, "label = -1"),
        ([0.0, 1.0], TypeError, "label is 0.0; expected an integer"),
        ([[0, 1]], ValueError, r"labels has shape \(1, 2\); expected \(N,\)"),
        ([], ValueError, r"labels has shape \(0,\)"),
        (1, ValueError, r"labels has shape \(\)"),
    ],
)
def test_labels_that_are_none(labels, error, words):
    with pytest.raises(error, match=words):
        nn.one_hot(labels, 3)


@pytest.mark.parametrize(
    "N, size, widths", [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (4, 1, [1] * 4), (4, 4, [4]), (1, 1, [1])]
)
def test_every_example_comes_once_with_its_target(N, size, widths):
    x = np.array([np.arange(N), 10 * np.arange(N)])
    batches = nn.mini_batches(x, 2 * x[:1], size, seed=3)
    assert [x.shape for x, y in batches] == [(2, n) for n in widths]
    assert [y.shape for x, y in batches] == [(1, n) for n in widths]
    for some_x, some_y in batches:
        assert_array_equal(some_x[1], 10 * some_x[0])
        assert_array_equal(some_y, 2 * some_x[:1])
    assert_array_equal(np.sort(np.hstack([x for x, y in batches])[0]), np.arange(N))


def test_the_order_is_shuffled_by_the_seed():
    x = np.arange(20.0)[np.newaxis]

    def order(seed):
        return np.hstack([x for x, y in nn.mini_batches(x, x, 6, seed)]).ravel().tolist()

    assert order(1) == order(1) != order(2) and order(1) != sorted(order(1))
    # the published recipe: numpy's permutation by this seed, cut into pieces
    assert order(1) == np.random.default_rng(1).permutation(20).tolist()


def test_a_batch_larger_than_all_examples_is_all_examples():
    x = np.arange(5.0)[np.newaxis]
    ((batch, target),) = nn.mini_batches(x, 2 * x, 100, seed=0)
    assert batch.shape == (1, 5) and sorted(batch[0]) == [0, 1, 2, 3, 4]
    assert_array_equal(target, 2 * batch)


def test_batches_that_cannot_be_cut():
    x = np.ones((2, 5))
    for size in (0, -1):
        with pytest.raises(ValueError, match=f"size is {size}; expected a whole number from 1 up"):
            nn.mini_batches(x, x, size, seed=0)
    for size in (2.0, None, "2"):
        with pytest.raises(TypeError, match="size is .*; expected an integer"):
            nn.mini_batches(x, x, size, seed=0)
    with pytest.raises(ValueError, match=r"y has shape \(2, 4\); expected \(any, 5\)"):
        nn.mini_batches(x, x[:, :4], 2, seed=0)
    with pytest.raises(ValueError, match=r"x has shape \(5,\)"):
        nn.mini_batches(x[0], x, 2, seed=0)
    with pytest.raises(TypeError, match=r"seed is \['a', 'word'\]; expected a whole number from 0 up"):
        nn.mini_batches(x, x, 2, seed=["a", "word"])


def test_the_digits_are_those_of_scikit_learn():
    x, labels = nn.digits()
    assert x.shape == (64, 1797) and labels.shape == (1797,) and x.min() == 0 and x.max() == 1
    # published counts of the ten digits, and the first picture, an oval with a hole in the middle
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    first = (x[:, 0] * 16).reshape(8, 8).astype(int).tolist()
    assert first[0] == [0, 0, 5, 13, 9, 1, 0, 0] and first[4] == [0, 5, 8, 0, 0, 9, 8, 0]
    assert (x * 16).sum() == 561718


def test_the_digits_are_small_and_name_their_source():
    folder = Path(nn.__file__).parent / "dataset"
    assert (folder / "digits.npz").stat().st_size <= 60_000
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "UCI Machine Learning Repository" in readme and "CC BY 4.0" in readme
