"""The hand-written results document, fresh for every test."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def make_document():
    spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.document


@pytest.fixture
def document(make_document):
    return make_document()


@pytest.fixture(scope="session")
def english(make_document):
    from satmeter.report import build_report

    return build_report(make_document(), language="en")


@pytest.fixture(scope="session")
def chinese(make_document):
    from satmeter.report import build_report

    return build_report(make_document(), language="zh-CN")


@pytest.fixture
def measured(document):
    """The document with everything that `measurement: full` adds."""
    spec = importlib.util.spec_from_file_location("more", Path(__file__).with_name("synthetic_measurement.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.with_depth(document)


@pytest.fixture
def tracked(document):
    """The document with waves, indicator trees, adjusted scores and single questions."""
    spec = importlib.util.spec_from_file_location("waves", Path(__file__).with_name("synthetic_waves.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.with_waves(document)
