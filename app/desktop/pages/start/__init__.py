"""Before a desk is open: the ways to begin, the Emergency Kit, waiting, unlocking.

`StartWindow` shows one page at a time; a `Flow` leads through its pages and ends with `Opened`.
"""

from app.desktop.pages.start.accept import AcceptFlow
from app.desktop.pages.start.add import AddFlow
from app.desktop.pages.start.blame import field_for, words_here
from app.desktop.pages.start.flow import Flow, Opened
from app.desktop.pages.start.frame import Mark, StartWindow
from app.desktop.pages.start.kit_page import EmergencyKitPage, KitActions
from app.desktop.pages.start.make import MakeFlow
from app.desktop.pages.start.member import MemberPage
from app.desktop.pages.start.regain import RegainFlow
from app.desktop.pages.start.sample import SampleFlow
from app.desktop.pages.start.sign_in import SignInFlow
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.strength import strength_of
from app.desktop.pages.start.unlock import UnlockPage
from app.desktop.pages.start.waiting import WaitingPage
from app.desktop.pages.start.welcome import WelcomePage
from app.desktop.pages.start.work import Stopped, Tell, Work

__all__ = [
    "AcceptFlow",
    "AddFlow",
    "EmergencyKitPage",
    "Flow",
    "KitActions",
    "MakeFlow",
    "Mark",
    "MemberPage",
    "Opened",
    "RegainFlow",
    "SampleFlow",
    "SignInFlow",
    "StartWindow",
    "StepPage",
    "Stopped",
    "Tell",
    "UnlockPage",
    "WaitingPage",
    "WelcomePage",
    "Work",
    "field_for",
    "strength_of",
    "words_here",
]
