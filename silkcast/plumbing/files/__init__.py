# SPDX-License-Identifier: Apache-2.0
"""Files: pictures, papers and recordings, in a local folder or any S3, under safe names."""

from silkcast.plumbing.files.files import BadName, FileFacts, Files, FilesSettings, NoSuchFile

__all__ = ["BadName", "FileFacts", "Files", "FilesSettings", "NoSuchFile"]
