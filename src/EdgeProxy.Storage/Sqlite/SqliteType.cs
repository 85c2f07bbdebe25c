namespace EdgeProxy.Storage;

/// <summary>
/// The storage class of one value; any column may hold any of them (https://www.sqlite.org/datatype3.html).
/// </summary>
internal enum SqliteType
{
    Integer = 1,
    Real = 2,
    Text = 3,
    Blob = 4,
    Null = 5,
}
