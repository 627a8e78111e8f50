# SPDX-License-Identifier: Apache-2.0
"""Optics: one writing for one lens, and the French quote file."""
