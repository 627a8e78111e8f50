# SPDX-License-Identifier: Apache-2.0
"""Files of other systems: FHIR, and the trade of opticians."""
