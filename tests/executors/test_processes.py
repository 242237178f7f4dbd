"""What worker processes cannot find is told before any of them starts."""

import subprocess
import sys
import textwrap

import pytest

CELL = """
    import attrs
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
    from stakingmodels import Constants, Holding, Price, Product, Scenario, TimeGrid, simulate
    from stakingmodels.engine import Moments, processes

    @attrs.frozen
    class MyCoin(Product):
        asset: str = "ETH"
        factors = frozenset({Price("ETH")})

        def open(self, book, now):
            return Holding(asset="ETH").open(book, now)

    @attrs.frozen
    class MyMoments(Moments):
        pass

    def run(executor, product, **how):
        try:
            grid = TimeGrid.daily("2026-01-01", days=2)
            world = Constants({Price("ETH"): 1.0})
            found = simulate({"mine": product}, world, grid, capital=1.0, n_paths=20000, executor=executor, **how)
            print(found["mine"].n_paths)
        except TypeError as error:
            print(type(error).__name__, error)
"""


def typed(cell, *, by_pipe=False):
    """Runs a text as if it were typed at a prompt, or piped into Python: output, errors."""
    text = textwrap.dedent(CELL) + textwrap.dedent(cell)
    command = [sys.executable, "-"] if by_pipe else [sys.executable, "-c", text]
    done = subprocess.run(command, input=text if by_pipe else "", capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def test_what_a_notebook_defines_is_refused_with_the_way_out():
    out, err = typed("""
        with processes(2) as executor:
            run(executor, MyCoin())
            run(executor, Holding(asset="ETH"), reducers={"m": MyMoments()})
    """)
    first, second = out.splitlines()
    assert first.startswith("InputTypeError simulate: executor: worker processes cannot find MyCoin, which was defined")
    assert "%%writefile mine.py, and import it; or leave executor out" in first
    assert "cannot find MyMoments" in second
    assert err == ""


@pytest.mark.slow
def test_what_needs_no_file_runs_as_ever():
    out, err = typed("""
        run(None, MyCoin())
        with ThreadPoolExecutor(2) as executor:
            run(executor, MyCoin())
        with processes(2) as executor:
            run(executor, Holding(asset="ETH"))
    """)
    assert (out.split(), err) == (["20000"] * 3, "")


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_forked_workers_know_what_their_parent_knew():
    out, err = typed("""
        import multiprocessing
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as executor:
            run(executor, MyCoin())
    """)
    assert (out.split(), err) == (["20000"], "")


def test_a_program_without_a_file_is_refused():
    out, err = typed(
        """
        with processes(2) as executor:
            run(executor, Holding(asset="ETH"))
        """,
        by_pipe=True,
    )
    assert out.startswith("InputTypeError simulate: executor: worker processes cannot read the program, which did not")
    assert err == ""
