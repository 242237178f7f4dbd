"""Lido: shares behind stETH and wstETH, reports and their limit, withdrawals, and bunker mode; exact to the wei."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.lido import bunker
from stakingmodels.protocols.contracts.lido.buffer import (
    BufferAllocation,
    allocate_buffered_ether,
    max_cl_balance_decrease,
)
from stakingmodels.protocols.contracts.lido.growth import (
    calculate_gross_core_apr,
    protocol_fee,
    share_rate_growth,
    user_apr,
)
from stakingmodels.protocols.contracts.lido.limiter import (
    LIMITER_PRECISION_BASE,
    SmoothenedRebase,
    TokenRebaseLimiter,
    init_limiter_state,
    smoothen_token_rebase,
)
from stakingmodels.protocols.contracts.lido.report import (
    PreReportState,
    Rebase,
    Report,
    calculate_fee_distribution,
    calculate_total_protocol_fee_shares,
    simulate_oracle_report,
)
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, UNLIMITED_REBASE, V3, Settings
from stakingmodels.protocols.contracts.lido.shares import (
    SHARE_RATE_PRECISION_E27,
    ShareRate,
    ether_of,
    get_internal_ether,
    shares_of,
)
from stakingmodels.protocols.contracts.lido.withdrawals import (
    Checkpoint,
    FinalizationBatches,
    Prefinalized,
    WithdrawalQueue,
    WithdrawalRequest,
)

__all__ = [
    "LIMITER_PRECISION_BASE",
    "SHARE_RATE_PRECISION_E27",
    "STAKING_ROUTER_V3",
    "UNLIMITED_REBASE",
    "V3",
    "BufferAllocation",
    "Checkpoint",
    "FinalizationBatches",
    "PreReportState",
    "Prefinalized",
    "Rebase",
    "Report",
    "Settings",
    "ShareRate",
    "SmoothenedRebase",
    "TokenRebaseLimiter",
    "WithdrawalQueue",
    "WithdrawalRequest",
    "allocate_buffered_ether",
    "bunker",
    "calculate_fee_distribution",
    "calculate_gross_core_apr",
    "calculate_total_protocol_fee_shares",
    "ether_of",
    "get_internal_ether",
    "init_limiter_state",
    "max_cl_balance_decrease",
    "protocol_fee",
    "share_rate_growth",
    "shares_of",
    "simulate_oracle_report",
    "smoothen_token_rebase",
    "user_apr",
]

displays(__name__)
entrances(__name__)
