# SPDX-License-Identifier: Apache-2.0
"""What a party hands to a person or an authority: each as a document and as a page of text, in English and French."""
