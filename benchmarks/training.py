"""Seconds to teach stored vectors, on one core and on all, beside what the machine's matrix product takes."""

import time

import numpy as np
from threadpoolctl import threadpool_limits

from tagsmith import TagClassifier
from tagsmith.vision.cores import available_cores
from tagsmith.vision.encoders import find_encoder

TRIALS = 5


def main() -> None:
    dimension = find_encoder("standard").dimension
    for cores in sorted({1, available_cores()}):
        matrix = square(2500)
        with threadpool_limits(cores):
            product = median_seconds(lambda matrix=matrix: matrix @ matrix)
            print(f"{cores} core(s): one float64 product of 2500 × 2500 matrices takes {product:.2f} s")
            for tags in (10, 50):
                X, y = examples(tags, 50, dimension)
                taken = median_seconds(lambda X=X, y=y: TagClassifier().fit(X, y))
                print(f"  {tags} tags × 50 examples × {dimension}: {taken:.2f} s = {taken / product:.1f} such products")


def square(size: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((size, size))


def examples(tags: int, count: int, dimension: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    centres = rng.standard_normal((tags, dimension))
    X = np.repeat(centres, count, axis=0) + 3 * rng.standard_normal((tags * count, dimension))
    return np.sqrt(np.abs(X)) / np.linalg.norm(X, axis=1, keepdims=True), np.repeat(np.arange(tags), count)


def median_seconds(work) -> float:
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[TRIALS // 2]


if __name__ == "__main__":
    main()
