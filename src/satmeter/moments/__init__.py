"""Respondents reduced to stacks of weighted moments: one matrix for the sample and one for every replicate."""

from satmeter.moments.draw import make_resampling
from satmeter.moments.em import em_stack
from satmeter.moments.integer_moments import AnswerMoments, answer_moments
from satmeter.moments.model import MomentStack, Resampling
from satmeter.moments.pairwise import PairwiseStack, pairwise_stack
from satmeter.moments.row_products import cross_products
from satmeter.moments.stack import mean_stack, moment_stack

__all__ = [
    "AnswerMoments",
    "MomentStack",
    "PairwiseStack",
    "Resampling",
    "answer_moments",
    "cross_products",
    "em_stack",
    "make_resampling",
    "mean_stack",
    "moment_stack",
    "pairwise_stack",
]
