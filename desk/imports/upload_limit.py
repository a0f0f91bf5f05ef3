"""The size limit of an upload: held while the body comes in, before anything of the file is kept or read.

Django's own limit on request data does not cover files.
"""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from imports.reading.rows import MAX_FILE_BYTES


class SizeLimit(FileUploadHandler):
    """Takes the first place among the handlers; `exceeded` tells the view why no file came through."""

    received = 0
    exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_FILE_BYTES:
            self.exceeded = True
            raise StopUpload(connection_reset=False)  # the rest is thrown away, and the sender gets an answer
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Other handlers make the file."""
