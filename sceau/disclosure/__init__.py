# SPDX-License-Identifier: Apache-2.0
"""Disclosures: a chosen part of a sealed record, made out to one recipient under a policy."""
