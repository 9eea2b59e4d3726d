"""The address book for phones and desktops: CardDAV by Radicale, over Kithbook's own tables."""
