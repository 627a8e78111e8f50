# SPDX-License-Identifier: Apache-2.0
"""An auditor's work: an evidence file held against the chain, and who is wrong where seals differ."""
