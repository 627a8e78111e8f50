# SPDX-License-Identifier: Apache-2.0
"""The verbs of the roles over HTTP, for software that is not written in Python. It holds no rule."""
