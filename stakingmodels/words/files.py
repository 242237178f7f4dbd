"""Words of files: results run again."""

WORDS: dict[str, tuple[str, str]] = {
    "repeat.same": (
        "Run again from {file}: all {n_arrays:,} arrays have the same bits. {versions}",
        "由 {file} 重新執行：{n_arrays:,} 個陣列的位元全部相同。{versions}",
    ),
    "repeat.close": (
        "Run again from {file}: {n_other:,} of {n_arrays:,} arrays have other bits; the largest difference is "
        "{difference:.2g} of the largest number, in {where}. {versions}",
        "由 {file} 重新執行：{n_arrays:,} 個陣列中有 {n_other:,} 個位元不同；最大的差異是該陣列最大數值的 "
        "{difference:.2g} 倍，在 {where}。{versions}",
    ),
    "repeat.versions": (
        "Then stakingmodels {then} and numpy {numpy_then}; now {now} and {numpy_now}.",
        "當時是 stakingmodels {then} 與 numpy {numpy_then}；現在是 {now} 與 {numpy_now}。",
    ),
}
