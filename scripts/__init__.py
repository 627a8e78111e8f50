# SPDX-License-Identifier: Apache-2.0
"""What consortium admins run with Brownie, and what anybody runs beside it."""
