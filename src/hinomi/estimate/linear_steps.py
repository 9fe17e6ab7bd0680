"""Kernels of the linear filters: one step of prediction or update of small dense matrices.

Sizes come as tuples of that length (`size`): a compiler knows a tuple's length, so each size gets
loops of its own, at twice the speed of loops over shapes. Nothing is allocated; `work` parts are
scratch space given by the caller.
"""

from __future__ import annotations

import math

from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def product(a, b, out, rows, inner, columns):  # type: ignore[no-untyped-def]
    """Write a b for (n, k) and (k, m)."""
    for i in range(len(rows)):
        for j in range(len(columns)):
            total = 0.0
            for k in range(len(inner)):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@njit(cache=True, nogil=True, error_model="numpy")
def product_transposed(a, b, out, rows, inner, columns):  # type: ignore[no-untyped-def]
    """Write a b' for (n, k) and (m, k)."""
    for i in range(len(rows)):
        for j in range(len(columns)):
            total = 0.0
            for k in range(len(inner)):
                total += a[i, k] * b[j, k]
            out[i, j] = total


@njit(cache=True, nogil=True, error_model="numpy")
def square(a, b, extra, out, size):  # type: ignore[no-untyped-def]
    """Write a b' + extra, known to be symmetric: half of it, mirrored."""
    for i in range(len(size)):
        for j in range(i, len(size)):
            total = 0.5 * (extra[i, j] + extra[j, i])
            for k in range(len(size)):
                total += a[i, k] * b[j, k]
            out[i, j] = total
            out[j, i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def cholesky(a, lower, size):  # type: ignore[no-untyped-def]
    """Write the lower factor of a positive definite matrix; False where it is not one."""
    for j in range(len(size)):
        for i in range(j, len(size)):
            total = a[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = total / lower[j, j]
            elif total > 0.0:
                lower[j, j] = math.sqrt(total)
            else:
                return False
        for i in range(j):
            lower[i, j] = 0.0
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def predict(x, p, transition, noise, work_x, work, size):  # type: ignore[no-untyped-def]
    """Move mean (n,) and covariance (n, n) one step in place: F x and F P F' + Q."""
    n = len(size)
    for i in range(n):
        total = 0.0
        for k in range(n):
            total += transition[i, k] * x[k]
        work_x[i] = total
    for i in range(n):
        x[i] = work_x[i]
    product(transition, p, work, size, size, size)
    square(work, transition, noise, p, size)


@njit(cache=True, nogil=True, error_model="numpy")
def update(x, p, z, observe, noise, w, state, seen):  # type: ignore[no-untyped-def]
    """Use one measurement (m,) in place; Joseph's form of the covariance.

    `w` is `Work` of `linear`, `state` and `seen` sizes n and m. Returns the squared normalised
    innovation and the logarithm of the likelihood, both NaN where the innovation covariance is not
    positive definite.
    """
    n, m = len(state), len(seen)
    product_transposed(p, observe, w.ph, state, state, seen)
    product(observe, w.ph, w.s, seen, state, seen)
    for i in range(m):
        total = z[i]
        for k in range(n):
            total -= observe[i, k] * x[k]
        w.nu[i] = total
        for j in range(m):
            w.s[i, j] += noise[i, j]
    if not cholesky(w.s, w.root, seen):
        return math.nan, math.nan
    d2, log_det = 0.0, 0.0
    for i in range(m):  # nu whitened; K = P H' S^-1 row by row
        total = w.nu[i]
        for k in range(i):
            total -= w.root[i, k] * w.white[k]
        w.white[i] = total / w.root[i, i]
        d2 += w.white[i] * w.white[i]
        log_det += 2.0 * math.log(w.root[i, i])
    for a in range(n):
        for i in range(m):
            total = w.ph[a, i]
            for k in range(i):
                total -= w.root[i, k] * w.gain[a, k]
            w.gain[a, i] = total / w.root[i, i]
        for i in range(m - 1, -1, -1):
            total = w.gain[a, i]
            for k in range(i + 1, m):
                total -= w.root[k, i] * w.gain[a, k]
            w.gain[a, i] = total / w.root[i, i]
    for a in range(n):
        for i in range(m):
            x[a] += w.gain[a, i] * w.nu[i]
    _joseph(p, observe, noise, w, state, seen)
    return d2, -0.5 * (d2 + log_det + m * math.log(2.0 * math.pi))


@njit(cache=True, nogil=True, error_model="numpy")
def _joseph(p, observe, noise, w, state, seen):  # type: ignore[no-untyped-def]
    """Write (I - K H) P (I - K H)' + K R K' into p."""
    n, m = len(state), len(seen)
    product(w.gain, observe, w.left, state, seen, state)
    for a in range(n):
        for b in range(n):
            w.left[a, b] = (1.0 if a == b else 0.0) - w.left[a, b]
    product(w.left, p, w.square, state, state, state)
    product(w.gain, noise, w.ph, state, seen, seen)
    for a in range(n):
        for b in range(a, n):
            total = 0.0
            for i in range(n):
                total += w.square[a, i] * w.left[b, i]
            for i in range(m):
                total += w.ph[a, i] * w.gain[b, i]
            p[a, b] = total
            p[b, a] = total


@njit(cache=True, nogil=True, error_model="numpy")
def interact(xs, ps, weights, change, ahead, mix_x, mix_p, count, size):  # type: ignore[no-untyped-def]  # noqa: C901
    """Mix the states (M, n) and (M, n, n) of M models in place.

    `change` (M, M) from row to column; `ahead` (M,) receives the predicted probabilities; `mix_x`,
    `mix_p` are scratch space.
    """
    models, n = len(count), len(size)
    for j in range(models):
        for a in range(n):
            mix_x[j, a] = xs[j, a]
            for b in range(n):
                mix_p[j, a, b] = ps[j, a, b]
    for j in range(models):
        ahead[j] = 0.0
        for i in range(models):
            ahead[j] += weights[i] * change[i, j]
    for j in range(models):
        if ahead[j] <= 0.0:  # a model that cannot be in force keeps its own state
            continue
        for a in range(n):
            xs[j, a] = 0.0
            for b in range(a, n):
                ps[j, a, b] = 0.0
        for i in range(models):
            share = weights[i] * change[i, j] / ahead[j]
            for a in range(n):
                xs[j, a] += share * mix_x[i, a]
        for i in range(models):
            share = weights[i] * change[i, j] / ahead[j]
            if share <= 0.0:
                continue
            for a in range(n):
                da = mix_x[i, a] - xs[j, a]
                for b in range(a, n):
                    ps[j, a, b] += share * (mix_p[i, a, b] + da * (mix_x[i, b] - xs[j, b]))
        for a in range(n):
            for b in range(a):
                ps[j, a, b] = ps[j, b, a]


@njit(cache=True, nogil=True, error_model="numpy")
def combine(xs, ps, weights, x, p, count, size):  # type: ignore[no-untyped-def]
    """Write mean (n,) and covariance (n, n) of a mixture of M models."""
    models, n = len(count), len(size)
    for a in range(n):
        x[a] = 0.0
        for j in range(models):
            x[a] += weights[j] * xs[j, a]
    for a in range(n):
        for b in range(a, n):
            total = 0.0
            for j in range(models):
                total += weights[j] * (ps[j, a, b] + (xs[j, a] - x[a]) * (xs[j, b] - x[b]))
            p[a, b] = total
            p[b, a] = total
