# SPDX-License-Identifier: Apache-2.0
"""The demonstration: the main job on a real chain, told to a reader."""
