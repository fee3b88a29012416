"""The record: the SQL store that is the truth. All SQL of the project stands in this package."""

from memory.record.record import Account, Record
from memory.record.remembered import Evidence, RememberedTicket, StoredMemory
from memory.record.writing import Writer

__all__ = [
    "Account",
    "Evidence",
    "Record",
    "RememberedTicket",
    "StoredMemory",
    "Writer",
]
