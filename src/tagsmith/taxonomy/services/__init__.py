"""Changing the taxonomy: every change is one transaction, one at a time, and in the audit log."""

from tagsmith.taxonomy.services.blocking import block, unblock, undo_blocking
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.services.delete import delete, undo_delete
from tagsmith.taxonomy.services.merge import merge
from tagsmith.taxonomy.services.move import move
from tagsmith.taxonomy.services.words import add_synonym, remove_synonym, remove_title, set_description, set_title

__all__ = [
    "add_synonym",
    "block",
    "create_tag",
    "delete",
    "merge",
    "move",
    "remove_synonym",
    "remove_title",
    "set_description",
    "set_title",
    "unblock",
    "undo_blocking",
    "undo_delete",
]
