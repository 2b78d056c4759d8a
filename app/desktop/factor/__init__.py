"""The second factor in the window: set it up, type a code where one is asked for, recovery codes on paper."""

from app.desktop.factor.code_dialog import CodeDialog, code_to_sign_in
from app.desktop.factor.keeper import FactorKeeper
from app.desktop.factor.recovery_codes import RecoveryCodesDialog, RecoveryCodesView
from app.desktop.factor.setup_dialog import SetupDialog

__all__ = [
    "CodeDialog",
    "FactorKeeper",
    "RecoveryCodesDialog",
    "RecoveryCodesView",
    "SetupDialog",
    "code_to_sign_in",
]
