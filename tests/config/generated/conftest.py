# SPDX-License-Identifier: ISC
"""The option that takes what is written now for what is right: pytest tests/config/generated --update."""


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite the expected files")
