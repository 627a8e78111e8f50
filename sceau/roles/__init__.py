# SPDX-License-Identifier: Apache-2.0
"""The roles and all their rules: practice, supplier, payer, patient, auditor, controller and admin."""
