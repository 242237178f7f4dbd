"""Twelve exercises, each a question with a check of the answer: ``python examples/exercises/exercises.py mine.py``.

A file of answers has functions ``answer_1`` to ``answer_12`` without arguments, each returning a number. Those that are
missing are asked; solutions are in ``solutions.py`` beside this file.
"""

import importlib.util
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Exercise:
    """A question, the right answer, how close to it is right, and what a wrong answer may come from."""

    english: str
    chinese: str
    answer: float
    within: float
    mistakes: tuple[tuple[float, str], ...] = ()


EXERCISES = (
    Exercise(
        "An account pays 12 % APY. Which APR, compounded daily, is that?",
        "帳戶付 APY 12 %，相當於每日複利的 APR 多少？",
        0.1133463,
        1e-6,
        ((0.12, "an APY is no APR"), (1.12 ** (1 / 365) - 1, "this is the rate of a day, not of a year")),
    ),
    Exercise(
        "0.5 ETH bought at 3,000 USD and sold at 3,500, at 0.1 % a side. What is the profit in USD?",
        "以 3,000 美元買 0.5 ETH，3,500 賣出，兩邊手續費各 0.1 %。獲利多少美元？",
        246.75,
        1e-6,
        ((250.0, "the fees are missing"), (248.25, "the fee of the purchase is missing")),
    ),
    Exercise(
        "10 ETH in a pool at 4 % APR for 180 days, 15 % commission, rewards not staked again. How many ETH are gained?",
        "10 ETH 放進質押池 180 天，APR 4 %，佣金 15 %，獎勵不再質押。得到多少 ETH？",
        0.1676712,
        1e-6,
        ((0.1972603, "the commission is missing"), (0.34, "180 days are not a year")),
    ),
    Exercise(
        "A pool pays 20 % APY in coins and keeps nothing. By which fraction may the price fall until the year is lost?",
        "質押池以幣付 APY 20 %，不抽佣金。幣價跌多少（比例）就白忙一年？",
        1 / 6,
        1e-6,
        ((0.20, "the coins gained fall in price too"),),
    ),
    Exercise(
        "A pool unbonds in 9 days and pays 5 days later. Asked on day 30, after how many days is the money there?",
        "質押池解除質押要 9 天，再過 5 天付款。第 30 天要求退出，幾天後拿到錢？",
        14.0,
        1e-9,
        ((9.0, "the payment comes later"), (44.0, "days to cash count from the day of asking")),
    ),
    Exercise(
        "An exploit has a hazard of 1 % a year. How likely is it within two years?",
        "漏洞攻擊的年風險率為 1 %。兩年內發生的機率是多少？",
        1.0 - math.exp(-0.02),
        1e-7,
        ((0.02, "close, but hazards do not add up to chances"),),
    ),
    Exercise(
        "Difficulty 1e14, 3.125 BTC a block and no fees, BTC at 100,000 USD. What does a PH/s earn in a day, in USD?",
        "難度 1e14、每區塊 3.125 BTC、沒有手續費、BTC 100,000 美元。1 PH/s 一天收入多少美元？",
        62.8642738,
        1e-4,
        ((0.0628643, "that is a TH/s"),),
    ),
    Exercise(
        "There a TH/s costs 20 USD for 360 days, all included. If nothing changes, which part of the price comes back?",
        "承上題，1 TH/s 租 360 天 20 美元，全包。若一切不變，價款拿回幾成（比例）？",
        1.1315569,
        1e-4,
        ((0.1315569, "that is the profit"),),
    ),
    Exercise(
        "A chain pays 12 % a year on stake and its supply grows by 8 %. What is the real rate?",
        "某鏈質押年付 12 %，供給一年增 8 %。實質利率是多少？",
        0.0370370,
        1e-6,
        ((0.04, "rates are divided, not subtracted"),),
    ),
    Exercise(
        "1,000 paths give a mean with a standard error of 2 %. How many independent paths give 0.5 %?",
        "1,000 條路徑的平均，標準誤為 2 %。獨立路徑要幾條才是 0.5 %？",
        16_000.0,
        1e-6,
        ((4_000.0, "an error falls with the root of the number"),),
    ),
    Exercise(
        "100 paths return -50 %, -49 %, ... +49 %. What is the expected shortfall at 95 %, as a positive fraction?",
        "100 條路徑的報酬為 -50 %、-49 %……+49 %。95 % 的預期短缺是多少（正的比例）？",
        0.48,
        1e-9,
        ((0.45, "that is the value at risk"), (0.46, "that is the mildest of the worst five")),
    ),
    Exercise(
        "A token sells at 0.95 of its coins, or is redeemed in 30 days at 1 and earns nothing meanwhile. Cash earns "
        "3.65 % APR. By how much of the coins' worth, as a fraction, is the patient holder ahead after 30 days?",
        "代幣市價為內含幣的 0.95，或等 30 天按 1 贖回，等待期間沒有收益。現金 APR 3.65 %。30 天後，願意等的人多出幾成"
        "（占內含幣值的比例）？",
        1.0 - 0.95 * (1.0 + 0.0365 / 365) ** 30,
        1e-5,  # simple interest will do
        ((0.05, "the one who sold has earned interest meanwhile"),),
    ),
)


def judged(number: int, given: object) -> str:
    """What is said of an answer."""
    exercise = EXERCISES[number - 1]
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given):
        return f"{number}: must be a number, got {given!r}"
    if abs(given - exercise.answer) <= exercise.within * max(1.0, abs(exercise.answer)):
        return f"{number}: right"
    for mistake, reason in exercise.mistakes:
        if abs(given - mistake) <= exercise.within * max(1.0, abs(mistake)):
            return f"{number}: not yet: {reason}"
    return f"{number}: not yet"


def answers_of(path: Path) -> ModuleType:
    """A file of answers, your own, as a module."""
    found = importlib.util.spec_from_file_location("answers", path)
    if found is None or found.loader is None:
        raise SystemExit(f"{path}: must be a file of Python with functions answer_1 to answer_{len(EXERCISES)}")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def main(arguments: list[str]) -> int:
    """Ask all questions, or judge the answers of a file; 0 if all that were given are right."""
    chinese = "--zh" in arguments
    files = [word for word in arguments if word != "--zh"]
    answers = answers_of(Path(files[0])) if files else None
    wrong = 0
    for number, exercise in enumerate(EXERCISES, 1):
        answer: Callable[[], object] | None = getattr(answers, f"answer_{number}", None)
        if answer is None:
            sys.stdout.write(f"{number}: {exercise.chinese if chinese else exercise.english}\n")
            continue
        said = judged(number, answer())
        wrong += not said.endswith("right")
        sys.stdout.write(f"{said}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
